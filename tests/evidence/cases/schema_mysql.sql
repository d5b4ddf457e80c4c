-- definitions as mysqldump writes them, with what is awkward in them; written by hand
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
DROP TABLE IF EXISTS `wp_posts`;
/*!40101 SET character_set_client = utf8 */;
CREATE TABLE `wp_posts` (
  `ID` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `post_author` bigint(20) unsigned NOT NULL DEFAULT 0,
  `post_title` text NOT NULL COMMENT 'the title, UNIQUE; PRIMARY KEY (x)',
  `post_name` varchar(200) NOT NULL DEFAULT '',
  `post_status` varchar(20) NOT NULL DEFAULT 'publish',
  `post_type` varchar(20) NOT NULL DEFAULT 'post',
  PRIMARY KEY (`ID`),
  KEY `type_status` (`post_type`,`post_status`,`ID`),
  KEY `post_name` (`post_name`(191))
) ENGINE=InnoDB AUTO_INCREMENT=27 DEFAULT CHARSET=utf8mb4
/*!50100 PARTITION BY HASH (ID) PARTITIONS 4 */;
CREATE TABLE `wp_options` (
  `option_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `option_name` varchar(191) NOT NULL DEFAULT '',
  `option_value` longtext NOT NULL,
  `autoload` varchar(20) NOT NULL DEFAULT 'yes',
  PRIMARY KEY (`option_id`) USING BTREE,
  UNIQUE KEY `option_name` (`option_name`)
) ENGINE=InnoDB;
CREATE TABLE `wp_postmeta` (
  `meta_id` bigint(20) unsigned NOT NULL AUTO_INCREMENT, `post_id` bigint(20) unsigned NOT NULL DEFAULT 0,
  `meta_key` varchar(255) DEFAULT NULL, `meta_value` longtext,
  PRIMARY KEY (`meta_id`), KEY `post_id` (`post_id`), KEY `meta_key` (`meta_key`(191))
) ENGINE=InnoDB;
CREATE TABLE `sales_order` (
  `entity_id` int unsigned NOT NULL AUTO_INCREMENT COMMENT 'Entity ID', `increment_id` varchar(50) DEFAULT NULL, `store_id` smallint unsigned DEFAULT NULL,
  `status` varchar(32) DEFAULT NULL,
  PRIMARY KEY (`entity_id`),
  UNIQUE KEY `SALES_ORDER_INCREMENT_ID_STORE_ID` (`increment_id`(40),`store_id`),
  CONSTRAINT `FK_STORE` FOREIGN KEY (`store_id`) REFERENCES `store` (`store_id`) ON DELETE SET NULL
) ENGINE=InnoDB;
CREATE TABLE `accounts` (`account` varchar(40) NOT NULL, `login` varchar(40), `login_lower` varchar(40) GENERATED ALWAYS AS (lower(`login`)) VIRTUAL UNIQUE,
  `flags` tinyint(1) NOT NULL, KEY `k` (`flags`), PRIMARY KEY (`account`), UNIQUE KEY `f` ((upper(`login`)))) ENGINE=InnoDB;
CREATE TABLE hits (id int primary key, n int) ENGINE=InnoDB;
/*!50001 CREATE VIEW `published` AS SELECT
 1 AS `ID`,
 1 AS `post_title`*/;
DELIMITER ;;
CREATE DEFINER=`root`@`localhost` PROCEDURE `clean_up`()
BEGIN
  CREATE TEMPORARY TABLE hits (id int);
  DELETE FROM hits;
END ;;
CREATE FUNCTION `price_of`(x int) RETURNS int
BEGIN
  RETURN x;
END ;;
DELIMITER ;
/*!50001 DROP VIEW IF EXISTS `published`*/;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
/*!50001 VIEW `published` AS select `wp_posts`.`ID` AS `ID`,`wp_posts`.`post_title` AS `post_title` from `wp_posts` where (`wp_posts`.`post_status` = 'publish') */;
